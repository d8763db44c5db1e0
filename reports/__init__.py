"""What people read: each council's data-quality report, and the index for managers and auditors.

`write` is the entry. Pages hold aggregates only; a council's workbook lists rows by the council's
own ids and never by NHS number, name, date of birth or postcode.
"""
