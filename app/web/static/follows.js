// Tells what would follow while a form is being filled in. Without script the button "Check first" does the same.
for (const box of document.querySelectorAll("[data-follows]")) {
  const form = box.closest("form");
  let waiting, asked;
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(box.dataset.follows, {
        method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Part": "follows" },
        redirect: "error", signal: asked.signal,
      });
      if (!answer.ok) return;
      const html = await answer.text();
      if (box.innerHTML !== html) box.innerHTML = html;
    } catch { /* The next change asks again, and saving tells in any case. */ }
  };
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 350); });
}
