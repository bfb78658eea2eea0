const said = await fetch(form.action, {
  method: "POST",
  body: new FormData(form),
  headers: { Accept: "application/json" },
})
  .then((answer) => answer.json())
  .catch(() => ({ message: "This couldn't be sent. Are you online?" }));
