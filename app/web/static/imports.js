// Shows how far a file is read. Without script the page asks for itself again every now and then.
const box = document.querySelector("[data-progress]");
const look = async () => {
  try {
    const answer = await fetch(box.dataset.progress, { headers: { "X-Part": "progress" }, redirect: "error" });
    if (answer.status === 204) {
      location.replace(box.dataset.progress);
      return;
    }
    if (answer.ok) box.innerHTML = await answer.text();
  } catch { /* The next look may come through. */ }
  setTimeout(look, 2000);
};
setTimeout(look, 1000);
