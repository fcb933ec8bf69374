// Selected words of a document's text, by mouse, keyboard or touch, lead to adding a claim that
// they carry. Offsets are of the text alone, in characters (code points, as the server counts), so
// marks and the numbers of claims do not shift them. Without this script the words are pasted.
(() => {
  const bar = document.querySelector("[data-add-claim]");
  const article = document.querySelector("[data-passages]");
  if (!bar || !article) return;
  const link = bar.querySelector("a");
  const words = bar.querySelector("[data-selected]");
  const address = link.getAttribute("href");

  // The selection as far as it is within the article; null for none.
  function selected() {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0).cloneRange();
    if (!range.intersectsNode(article)) return null;
    const whole = document.createRange();
    whole.selectNodeContents(article);
    if (range.compareBoundaryPoints(Range.START_TO_START, whole) < 0) range.setStart(whole.startContainer, whole.startOffset);
    if (range.compareBoundaryPoints(Range.END_TO_END, whole) > 0) range.setEnd(whole.endContainer, whole.endOffset);
    return range;
  }

  // The text of a range without the numbers of claims, which are not of the document.
  function textOf(range) {
    const part = range.cloneContents();
    for (const number of part.querySelectorAll("sup")) number.remove();
    const holder = range.commonAncestorContainer;
    const within = holder.nodeType === Node.ELEMENT_NODE ? holder : holder.parentElement;
    return within.closest("sup") ? "" : part.textContent;
  }

  function span(range) {
    const before = document.createRange();
    before.setStart(article, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const text = textOf(range);
    const lead = text.length - text.trimStart().length;
    const start = [...textOf(before)].length + [...text.slice(0, lead)].length;
    return { start, end: start + [...text.trim()].length, text: text.trim() };
  }

  function follow() {
    const range = selected();
    const found = range && span(range);
    bar.hidden = !found?.text;
    if (bar.hidden) return;
    link.href = `${address}?span=${found.start}-${found.end}`;
    words.textContent = found.text.length > 120 ? `${found.text.slice(0, 80)} … ${found.text.slice(-30)}` : found.text;
  }

  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(follow, 100);
  });
  document.addEventListener("keydown", (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
    if (!plain || event.key !== "a" || event.target.closest?.("input, textarea, select, dialog")) return;
    clearTimeout(waiting);
    follow();
    if (bar.hidden) return;
    event.preventDefault();
    link.click();
  });
  follow();
})();
