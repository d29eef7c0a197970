const fields = ["event", "user"].map(name => {
  const field = make("input", []);
  field.type = "search"; field.placeholder = name === "event" ? "Event id" : "User"; field.setAttribute("aria-label", field.placeholder);
  field.value = new URLSearchParams(location.search).get(name) || "";
  field.oninput = () => look();
  return [name, field];
});
const filter = make("form", fields.map(([, field]) => field));
filter.onsubmit = event => event.preventDefault();
content.before(filter, make("p", []));
const address = () => {
  const query = new URLSearchParams({ limit: "100" });
  fields.forEach(([name, field]) => { if (field.value) query.set(name, field.value); });
  return "/dev/audits.json?" + query;
};
const look = follow(address, records => records.length ? table(["At", "Event", "What", "User", "About"], records.map(record => [
  when(record.actionTimeStamp),
  [make("b", record.eventId), make("br", []), make("small", record.eventName)],
  [record.description, make("br", []), make("small", record.moduleName)],
  record.sessionUserId,
  [record.id || "", make("br", []), make("small", record.idType || "")],
])) : [], "No such records.");
