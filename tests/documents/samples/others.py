"""Text files and workbooks of our own, and ways to damage any file."""

import io
from datetime import date

from openpyxl import Workbook

# Letters of four bytes in GB18030: from the extensions A and B, as names of people and villages have them.
RARE = "㐂㙟𠀋𠮷𡈽𤭢"
TEXT = f"""青垣县2032年水利工作要点

一、水库
1.加固{RARE[0]}头水库大坝，由{RARE[3:5]}村配合。（县水利局牵头，县财政局配合）
2.6月底前完成{RARE[2]}洼塘坝清淤。（责任单位：县水利局、县农业农村局）

青垣县水利局
2032年3月1日
"""


def workbook(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def task_list():
    """Title rows, a merged unit over two tasks, a date, a share, a second sheet and a hidden one."""
    book = Workbook()
    sheet = book.active
    sheet.title = "任务清单"
    sheet.append(["青垣县2032年重点任务清单"])
    sheet.merge_cells("A1:E1")
    sheet.append(["填报单位：县水利局", None, None, None, "2032年3月"])
    sheet.append([])
    sheet.append(["序号", "工作任务", "牵头单位", "配合单位", "完成时限"])
    sheet.append([1, "加固大坝", "县水利局", "县财政局、县应急局", date(2032, 6, 30)])
    sheet["E5"].number_format = 'yyyy"年"m"月"d"日"'
    sheet.append([2, "清淤塘坝", None, None, "年底前"])
    sheet.merge_cells("C5:C6")
    sheet.append([3, "自来水普及率", "县水利局", None, 0.965])
    sheet["E7"].number_format = "0.0%"
    notes = book.create_sheet("编制说明")
    notes.append(["本清单每季度调度一次。"])
    hidden = book.create_sheet("代码")
    hidden.append(["不给人看的代码"])
    hidden.sheet_state = "hidden"
    return workbook(book)


def cut(data, share=0.6):
    """As a copy that broke off leaves a file."""
    return data[: int(len(data) * share)]


def flipped(data, step=97):
    """As a bad disk leaves it: one byte in `step` changed."""
    return bytes(byte ^ 0x55 if n % step == step - 1 else byte for n, byte in enumerate(data))
