"""How large a document may be. Beyond these it is no work plan, and reading it would only cost time."""

LARGEST_FILE = 20 * 1024 * 1024  # bytes, as for attachments
LONGEST_TEXT = 1_000_000  # code points; the longest work plan of a province has about 40,000
MOST_PAGES = 500  # of a PDF
MOST_ROWS = 5_000  # of a table or a sheet
MOST_COLUMNS = 60

TOO_LONG = "文字超过 100 万字，不像一份工作文件。请只保留需要导入的部分再上传。"
TOO_LARGE = "文件超过 20 MB。请压缩图片或只保留需要导入的部分后再上传。"
TABLE_TOO_LARGE = f"表格超过 {MOST_ROWS} 行或 {MOST_COLUMNS} 列，不像一份任务清单。请只保留需要导入的部分后再上传。"
TOO_COSTLY = "文件内容过于复杂，读取时超出了时间或内存限制，已停止。请用原软件打开后只保留正文，另存一份再上传。"
