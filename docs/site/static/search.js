// Excerpts of what is found are read from the pages, which a browser does not allow in a folder that is opened from the file
// system; there the titles have to do.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
