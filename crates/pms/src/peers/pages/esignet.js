follow(() => "/dev/esignet.json?limit=100", clients => clients.map(client => fold(client.number,
  [make("b", client.clientId), when(client.receivedAt), make("span", client.status || "", "soft")],
  make("pre", JSON.stringify(client.client, null, 2)))), "No OIDC clients yet.");
