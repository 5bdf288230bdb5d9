"""Office words for what this room writes into the audit trail."""

from imports.choices import Verb

LABELS = {
    "import.started": "上传导入文件",
    "import.read": "读出导入文件",
    "import.refused": "导入文件不能读取",
    "import.retried": "重新读取导入文件",
    "import.step_undone": "撤销核对步骤",
    "import.published": "发布导入的计划",
    "import.discarded": "放弃导入",
    **{f"import.{verb}": f"导入核对：{verb.label}" for verb in Verb},
}
