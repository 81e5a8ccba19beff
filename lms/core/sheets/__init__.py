"""Spreadsheets as people send them and as they can send them back: csv, xlsx, xls, ods."""
