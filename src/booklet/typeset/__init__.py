"""Model, theme and edition become semantic HTML and CSS, for pages or for reflow."""
