"""What leaves the workbench: the printed page, the workbook, Markdown, CSV for the CRM."""
