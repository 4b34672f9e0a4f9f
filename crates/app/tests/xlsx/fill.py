"""Fills a blank workbook of held sessions as somebody would who follows its instructions: fill.py BLANK FILLED

The first sheet gets two rows: the example of the second sheet, and one that takes the last entry of each list to choose from, with real
dates and numbers. Prints the titles of the two rows as one line of JSON.
"""
import datetime
import json
import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1])
form, instructions = book.worksheets[:2]
heads = [cell.value.removesuffix(" *") for cell in form[1]]
examples = {row[0].value: row[2].value for row in instructions.iter_rows(min_row=5) if row[0].value}
first = [examples[head] for head in heads]
last = list(first)
for rule in form.data_validations.dataValidation:
    at = min(area.min_col for area in rule.sqref.ranges) - 1
    if rule.type == "list":
        sheet, cells = rule.formula1.removeprefix("=").rsplit("!", 1)
        last[at] = [row[0].value for row in book[sheet.strip("'")][cells.replace("$", "")]][-1]
    elif rule.type == "date":
        last[at] = datetime.datetime(2026, 11, 21, 9, 0)
    elif rule.type == "whole":
        last[at] = int(first[at])
last[-1] = "2026-0043"
last[2] = first[2] + " 2"
for column, values in enumerate(zip(first, last), 1):
    for row, value in enumerate(values, 2):
        form.cell(row, column).value = value
book.save(sys.argv[2])
print(json.dumps([first[2], last[2]]))
