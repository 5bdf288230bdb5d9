from django.urls import path

from tasks.views.office import assessments, coordination, periods, review

urlpatterns = [
    path("periods/", periods.period_list, name="period-list"),
    path("periods/open/", periods.period_open, name="period-open"),
    path("periods/skip/", periods.period_skip, name="period-skip"),
    path("periods/<int:pk>/", periods.period_detail, name="period-detail"),
    path("periods/<int:pk>/unopen/", periods.period_unopen, name="period-unopen"),
    path("periods/<int:pk>/departments/<int:department>/extend/", periods.period_extend, name="period-extend"),
    path("periods/<int:pk>/departments/<int:department>/waive/", periods.period_waive, name="period-waive"),
    path("periods/<int:pk>/lights/", assessments.assessment_list, name="assessments"),
    path("periods/<int:pk>/lights/confirm-all/", assessments.confirm_all, name="assessments-confirm"),
    path("assessments/<int:pk>/", assessments.assessment_edit, name="assessment-edit"),
    path("assessments/<int:pk>/light/", assessments.assessment_confirm, name="assessment-confirm"),
    path("reports/<int:pk>/unwaive/", periods.report_unwaive, name="report-unwaive"),
    path("review/", review.review_queue, name="review-queue"),
    path("review/done/", review.review_done, name="review-done"),
    path("review/bulk/", review.review_bulk, name="review-bulk"),
    path("review/undo/<int:event>/", review.review_undo, name="review-undo"),
    path("review/<int:pk>/accept/", review.review_accept, name="review-accept"),
    path("review/<int:pk>/return/", review.review_return, name="review-return"),
    path("coordination/", coordination.coordination_list, name="coordination-list"),
    path("coordination/<int:pk>/assign/", coordination.request_assign, name="coordination-assign"),
    path("coordination/<int:pk>/answer/", coordination.request_answer, name="coordination-answer"),
    path("coordination/<int:pk>/close/", coordination.request_close, name="coordination-close"),
    path("coordination/notes/<int:pk>/answer/", coordination.note_answer, name="note-answer"),
]
