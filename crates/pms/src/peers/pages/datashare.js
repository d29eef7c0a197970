follow(() => "/dev/datashare.json?limit=100", shares => shares.length ? table(["Made", "Address", "Policy, subscriber", "Size", "Downloads"], shares.map(share => [
  when(share.at), make("code", share.url), [share.policyId, make("br", []), share.subscriberId], share.bytes + " bytes", `${share.downloads} of ${share.allowed}`,
])) : [], "No shares yet. A partner's certificate makes one.");
