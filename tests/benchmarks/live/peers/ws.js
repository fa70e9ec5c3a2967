// Node's `ws`: every event is sent to every client, as its manual shows it. Usage: node ws.js TEXT
const { WebSocketServer } = require("ws");
const { event, obey } = require("./event.js");

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
server.on("listening", () =>
  obey(server.address().port, (stamp) => {
    const data = JSON.stringify(event(stamp));
    for (const client of server.clients) if (client.readyState === 1) client.send(data);
  }),
);
