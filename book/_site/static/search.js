// Beside Sphinx's own search. An excerpt under each result needs the page itself, which a browser gives only over http.
DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = location.protocol !== "file:";

// The words of a page, or of the section that was found: each formula once, and nothing of the frame.
Search.htmlToText = (html, anchor) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const frame = ".headerlink, .page-head, .neighbours, .katex-html, annotation, .explorer, script, style";
  page.querySelectorAll(frame).forEach((node) => node.remove());
  return ((anchor && page.querySelector(anchor)) || page.querySelector("main")).textContent;
};
