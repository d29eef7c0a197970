follow(() => "/dev/subscriber.json?limit=100", events => events.map(event => {
  const heading = [make("b", event.topic), when(event.receivedAt), make("span", event.eventId || "", "soft")];
  if (event.missing.length > 0) heading.push(make("span", "lacks " + event.missing.join(", "), "bad"));
  if (event.download) heading.push(make("span", event.download, event.download.startsWith("downloaded") ? "good" : "bad"));
  return fold(event.number, heading, make("pre", JSON.stringify(event.payload, null, 2)));
}), "Nothing has arrived yet. Publish a policy, or play `pms demo`.");
