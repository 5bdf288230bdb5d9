"""Office words for what this room writes into the audit trail."""

LABELS = {
    "notice.parked": "通知发送失败",
    "notice.retried": "重新发送通知",
    "notice.sent": "发送通知邮件",
    "notice.written": "生成通知",
}
