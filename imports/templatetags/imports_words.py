from django import template

from imports.item_form import proposal_words

register = template.Library()

register.filter("proposal_words", proposal_words)
