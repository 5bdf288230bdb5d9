"""A clearly labelled example (演示数据): a plan in its seventh month, made by the product's own services.

`scenario` says what happens, `moments` when, `people` to whom, `build` does it, `signins` remembers the accounts.
"""
