workbooks-title = Forms of others
workbooks-lead = A superior’s blank workbook: uploaded once, told once what goes into which cell, filled for every period from then on.
workbooks-none = No workbook yet
workbooks-none-text = Upload the blank .xlsx that you fill in again and again.
workbook-add = Add a blank workbook
workbook-file = Blank workbook (.xlsx without macros, at most 8 MB)
workbook-send = Upload
workbook-fill = Fill it for a period
workbook-around = A day of the period
workbook-fill-get = Fill and download
workbook-point = Choose a cell, then say below what goes there. Formulas stay and are computed when the workbook is opened.
workbook-sheets = Sheets
workbook-more = Only the upper left part of the sheet is drawn: 60 rows and 20 columns.
workbook-into = Into { $cell }
workbook-what = What goes there
workbook-of = Organisation (code)
workbook-of-own = its own
workbook-mark = Keep
workbook-is-formula = There is a formula in { $cell }, which stays. Choose another cell.
workbook-table = A table from row { $row } on
workbook-table-help = Each organisation directly below gets one row, in the order of the codes. Say for each column what goes there.
workbook-rows = Room for at most so many rows
workbook-table-mark = Keep the table
workbook-table-of = Table from row { $row } on, room for { $rows }
workbook-nothing = Nothing
workbook-texts = Texts
workbook-figures = Figures
workbook-marks = What goes where
workbook-marks-none = Nothing yet: choose a cell above.
workbook-unmark = Take away
workbook-remove = Remove this workbook
workbook-remove-text = The blank workbook and everything said about its cells disappear for good.
workbook-what-name = Name of the organisation
workbook-what-code = Code of the organisation
workbook-what-number = Number of the row
workbook-what-period = The period in words
workbook-what-first-day = First day of the period
workbook-what-last-day = Last day of the period
workbook-what-today = Day of filling
done-workbook-marked = Kept.
done-workbook-unmarked = Taken away.
done-workbook-removed = The workbook was removed.
field-what = What goes there
field-cell = Cell
field-rows = Rows
field-columns = Columns
field-marks = Marks
field-row = Row
rule-cell = “{ $found }” is not a cell; write it like { $wanted }
rule-formula-stays = There is a formula in { $found }, which stays
problem-workbook-macros = The workbook has macros. Save it as .xlsx without macros.
problem-workbook-embedded = The workbook embeds other files or controls ({ $part }). Remove them and save it again.
problem-workbook-external = The workbook refers to another file or server ({ $target }). Remove the reference (Data, Edit Links) and save it again.
problem-workbook-no-sheet = There is no sheet “{ $sheet }” that can be seen.
problem-workbook-formula = There is a formula in { $cell }, which is not overwritten.
problem-workbook-organisation-gone = There is no organisation with the code “{ $code }” below any more. Say anew what goes into its cells.
problem-workbook-table-full = The table at { $cell } has { $room ->
    [one] one row
   *[other] { $room } rows
}, and { $needed ->
    [one] one is
   *[other] { $needed } are
} needed.
problem-workbook-unmarked = Nothing was said yet about what goes into which cell.
audit-statistics-workbook-added = Blank workbook added
audit-statistics-workbook-marked = Cells of a blank workbook marked
audit-statistics-workbook-removed = Blank workbook removed
