const reader = make("section", []);
content.after(reader);
let mails = [], shown = null;
function read() {
  content.querySelectorAll("tbody tr").forEach(row => row.classList.toggle("chosen", row.querySelector("a").hash === location.hash));
  const mail = mails.find(mail => "#" + mail.id === location.hash);
  if (!mail || shown === mail.id) return;
  shown = mail.id;
  const frame = make("iframe", []);
  frame.setAttribute("sandbox", "");
  frame.title = "Text of the mail";
  frame.src = "/dev/mails/" + mail.id;
  reader.replaceChildren(make("h2", mail.subject), make("p", "To " + mail.to.concat(mail.cc).join(", ")), frame);
}
onhashchange = read;
follow(() => "/dev/mails.json?limit=100", found => {
  mails = found;
  setTimeout(read);
  return found.length ? table(["Sent", "To", "Subject"], found.map(mail => [when(mail.at), mail.to.join(", "), link(mail.subject, "#" + mail.id)])) : [];
}, "No mails yet. Registering a partner sends one.");
