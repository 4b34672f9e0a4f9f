"""Prints what openpyxl reads of workbooks: read.py BLANK FILLED

One line of JSON: cells of the filled workbook whose value differs from the blank one, whether any style differs, formulas, joined
cells, lists to choose from, notes.
"""
import json
import sys

import openpyxl


def cells(book):
    return {(sheet.title, cell.coordinate): cell for sheet in book for row in sheet.iter_rows() for cell in row}


def look(cell):
    return (cell.font.b, cell.fill.fgColor.rgb, cell.number_format, cell.border.left.style, cell.alignment.horizontal)


blank, filled = (openpyxl.load_workbook(path) for path in sys.argv[1:3])
before, after = cells(blank), cells(filled)
restyled = [f"{at}" for at, cell in before.items() if at in after and look(after[at]) != look(cell)]
changed = {f"{sheet}!{at}": cell.value for (sheet, at), cell in after.items() if cell.value != getattr(before.get((sheet, at)), "value", None)}
looks = {f"{sheet}!{at}": list(look(cell)) for (sheet, at), cell in after.items() if f"{sheet}!{at}" in changed}
print(json.dumps({
    "changed": changed,
    "looks": looks,
    "restyled": restyled,
    "formulas": {f"{sheet}!{at}": cell.value for (sheet, at), cell in after.items() if cell.data_type == "f"},
    "joined": sorted(str(area) for sheet in filled for area in sheet.merged_cells.ranges),
    "computed_anew": bool(filled.calculation.fullCalcOnLoad),
    "lists": sorted(f"{sheet.title}!{rule.sqref}={rule.formula1}" for sheet in filled for rule in sheet.data_validations.dataValidation),
    "notes": sum(1 for cell in after.values() if cell.comment),
    "sheets": filled.sheetnames,
}))
