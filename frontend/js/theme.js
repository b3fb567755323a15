// Applies the chosen theme before the first paint. A classic script on
// purpose: modules run after the page is painted, and a dark room should not
// flash white. Also keeps the choice: ccTheme() in CallCenterApp.js writes the
// same key.
(() => {
  try {
    const theme = localStorage.getItem("cc.theme");
    if (theme === "light" || theme === "dark") {
      document.documentElement.dataset.theme = theme;
    }
  } catch {
    // Storage may be switched off; the page then follows the system.
  }
})();
