from django.db import models


class Level(models.TextChoices):
    PROVINCIAL = "provincial", "省直单位"
    CENTRAL_VERTICAL = "central_vertical", "中央驻皖单位"
    COUNTY = "county", "县级单位"


class Category(models.TextChoices):
    PARTY = "party", "党委部门"
    GOVERNMENT = "government", "政府部门"
    PEOPLE_ORGANISATION = "people_organisation", "群团组织"
    CENTRAL = "central", "中央驻皖单位"


class AliasKind(models.TextChoices):
    ALIAS = "alias", "别称"
    FORMER = "former", "旧称"
