// Only improves what works without script: the error summary gets the focus, texts can be copied, pages printed.
document.getElementById("errors")?.focus();

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-print]");
  if (!button) return;
  if (button.hasAttribute("data-print")) {
    window.print();
    return;
  }
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.innerText);
  const said = document.getElementById(`${button.dataset.copy}-copied`);
  if (said) said.textContent = button.dataset.copied ?? "";
});

// What only script can do shows only where script runs.
document.querySelectorAll("[data-copy], [data-print]").forEach((button) => button.removeAttribute("hidden"));

// A second click on a button must not send the form twice, even though the service would not mind.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => document.forms && [...document.forms].forEach((form) => delete form.dataset.sent));
