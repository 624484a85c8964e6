"""The live preview: true pages in the browser, laid out anew as files are saved."""
