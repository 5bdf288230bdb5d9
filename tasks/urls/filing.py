from django.urls import URLPattern, path

from tasks.views.filing import files, form, listing, submitting

urlpatterns: list[URLPattern] = [
    path("progress/", listing.progress_list, name="progress-list"),
    path("progress/check-all/", submitting.progress_check_all, name="progress-check-all"),
    path("progress/start/<int:assignment>/<int:period>/", listing.progress_start, name="progress-start"),
    path("progress/files/<int:pk>/", files.progress_file, name="progress-file"),
    path("progress/<int:pk>/", form.progress_edit, name="progress-edit"),
    path("progress/<int:pk>/autosave/", form.progress_autosave, name="progress-autosave"),
    path("progress/<int:pk>/check/", submitting.progress_check, name="progress-check"),
    path("progress/<int:pk>/receipt/", submitting.progress_receipt, name="progress-receipt"),
    path("progress/<int:pk>/withdraw/", submitting.progress_withdraw, name="progress-withdraw"),
]
