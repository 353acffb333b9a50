// Shows the fields of the clause type chosen, tells what the clause will require while the form is filled in, and
// suggests suppliers. Without script the buttons "Show the fields of this type" and "Preview" do the same.
const form = document.getElementById("registration");
const box = document.querySelector("[data-preview]");

const showFields = () => {
  const chosen = form.querySelector('[name="clause.type"]:checked')?.value;
  if (chosen === undefined) return;
  for (const part of form.querySelectorAll("[data-clause]")) {
    part.hidden = !part.dataset.clause.split(" ").includes(chosen);
  }
};

let waiting, asked;
const ask = async () => {
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(box.dataset.preview, {
      method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "error", signal: asked.signal,
    });
    if (!answer.ok) return;
    const html = await answer.text();
    if (box.dataset.shown === html) return;
    box.dataset.shown = html;
    const open = [...box.querySelectorAll("details[open]")].map((one) => one.id);
    box.innerHTML = html;
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    box.querySelectorAll("[data-copy]").forEach((button) => button.removeAttribute("hidden"));
  } catch { /* The next change asks again. */ }
};

const known = document.getElementById("known-suppliers");
let typing;
const suggest = (field) => {
  clearTimeout(typing);
  if (field.value.trim().length < 2) return;
  typing = setTimeout(async () => {
    try {
      const answer = await fetch(`/procurements/suppliers?q=${encodeURIComponent(field.value.trim())}`, { redirect: "error" });
      if (answer.ok) known.innerHTML = await answer.text();
    } catch { /* The list that came with the page stays. */ }
  }, 250);
};
const fillName = (field) => {
  const name = document.getElementById(field.id.replace(/business_id$|email$/, "name"));
  const option = [...field.list.options].find((one) => one.value === field.value.trim());
  if (option && name && !name.value) name.value = option.label;
};

form?.addEventListener("input", (event) => {
  if (event.target.name === "clause.type") showFields();
  if (event.target.getAttribute("list") === "known-suppliers") suggest(event.target);
  if (event.target.list) fillName(event.target);
  clearTimeout(waiting);
  if (box) waiting = setTimeout(ask, 350);
});
if (form) showFields();
