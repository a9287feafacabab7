// The choice between light and dark that the site's pages keep holds here too.
try {
  document.documentElement.dataset.theme = localStorage.getItem("theme") || "auto";
} catch {
  document.documentElement.dataset.theme = "auto";  // where nothing is kept, as the system says
}
