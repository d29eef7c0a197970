const pages = { mails: "/dev/mails", audits: "/dev/audits", shares: "/dev/datashare", clients: "/dev/esignet", received: "/dev/subscriber" };
const names = { mails: "mails", audits: "audits", shares: "shares", clients: "OIDC clients", received: "events heard" };
follow(() => "/dev.json", ({ counters, peers, subscriber }) => {
  const cards = Object.entries(counters).map(([name, count]) => make("div", make("h3", [make("b", String(count)), link(names[name] || name, pages[name] || "/dev")]), "card"));
  const rows = peers.map(peer => [
    peer.title,
    peer.used ? make("code", peer.address) : make("small", `not used: the configuration names another one (${peer.setting})`),
    String(peer.requests),
    peer.fault ? make("span", peer.fault, "bad") : make("span", "works", "good"),
  ]);
  const topics = subscriber.topics.map(({ topic, confirmed }) => [topic, make("span", confirmed ? "subscribed" : "waiting for the hub", confirmed ? "good" : "soft")]);
  return [
    make("div", cards, "cards"),
    make("h2", "Stand-ins"), table(["Module", "Address", "Requests", "State"], rows),
    make("h2", "Subscriptions"), subscriber.hub ? table(["Topic", "State"], topics) : make("p", "The configuration names another hub (websub.url): nothing arrives here."),
  ];
});
