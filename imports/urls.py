"""`/imports/`: documents coming in, their review, their publishing."""

from django.urls import path

from imports.views import facts, intake, items, publishing, review, units

app_name = "imports"

urlpatterns = [
    path("", intake.import_list, name="list"),
    path("new/", intake.import_new, name="new"),
    path("<int:pk>/", review.import_detail, name="detail"),
    path("<int:pk>/file/", intake.import_file, name="file"),
    path("<int:pk>/facts/", facts.import_facts, name="facts"),
    path("<int:pk>/act/", review.import_act, name="act"),
    path("<int:pk>/steps/", review.import_steps, name="steps"),
    path("<int:pk>/undo/<int:step>/", review.import_undo, name="undo"),
    path("<int:pk>/publish/", publishing.import_publish, name="publish"),
    path("<int:pk>/removals/<int:removal>/", publishing.import_removal, name="removal"),
    path("items/<int:pk>/", items.import_item, name="item"),
    path("items/<int:pk>/split/", items.import_split, name="split"),
    path("units/<int:pk>/", units.import_unit, name="unit"),
]
