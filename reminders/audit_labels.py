"""Office words for what this room writes into the audit trail."""

LABELS = {
    "chase.phones_exported": "导出催办电话单",
    "notice.parked": "通知发送失败",
    "notice.read": "阅读通知",
    "notice.retried": "重新发送通知",
    "notice.sent": "发送通知邮件",
    "notice.withdrawn": "取消通知邮件",
    "notice.written": "生成通知",
}
