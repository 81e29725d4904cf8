// SPDX-License-Identifier: Apache-2.0
//
// Tokens of the client credentials grant by oidc-provider, with its store in memory, on one process. Usage: server.js PORT; the client's
// id and secret are in PEER_ID and PEER_SECRET.
import Provider from 'oidc-provider';

const port = Number(process.argv[2]);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: process.env.PEER_ID,
    client_secret: process.env.PEER_SECRET,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'client_secret_basic',
  }],
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
  ttl: { ClientCredentials: 7200 },
});
provider.listen(port, '127.0.0.1', () => console.log('ready'));
