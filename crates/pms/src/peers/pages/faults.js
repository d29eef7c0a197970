follow(() => "/dev/faults.json", ({ peers, faults }) => table(["Module", "From now on"], peers.map(peer => {
  const form = make("form", []);
  form.method = "post"; form.action = "/dev/faults";
  const which = make("input", []);
  which.type = "hidden"; which.name = "peer"; which.value = peer.name;
  form.append(which, ...faults.map(({ name, title }) => {
    const button = make("button", title);
    button.name = "fault"; button.value = name;
    button.setAttribute("aria-pressed", String((peer.fault || "none") === name));
    return button;
  }));
  return [make("span", peer.title, peer.fault ? "bad" : "good"), form];
})));
