const choices = (action, kept, name, options, present) => {
  const form = make("form", []);
  form.method = "post"; form.action = action;
  form.append(...kept.map(([field, value]) => {
    const which = make("input", []);
    which.type = "hidden"; which.name = field; which.value = value;
    return which;
  }), ...options.map(option => {
    const button = make("button", option.title);
    button.name = name; button.value = option.name;
    button.setAttribute("aria-pressed", String(present === option.name));
    return button;
  }));
  return form;
};
follow(() => "/dev/faults.json", ({ peers, faults, esignet }) => [
  table(["Module", "From now on"], peers.map(peer => [
    make("span", peer.title, peer.fault ? "bad" : "good"),
    choices("/dev/faults", [["peer", peer.name]], "fault", faults, peer.fault || "none")])),
  table(["Release", "It accepts from now on what such a server does"], [[
    make("span", "eSignet", "good"),
    choices("/dev/esignet-release", [], "release", esignet.releases, esignet.release)]])]);
