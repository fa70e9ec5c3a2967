// socket.io: every event is emitted to everybody. Usage: node socketio.js TEXT
const { createServer } = require("http");
const { Server } = require("socket.io");
const { event, obey } = require("./event.js");

const http = createServer();
const server = new Server(http, { transports: ["websocket"], perMessageDeflate: false });
http.listen(0, "127.0.0.1", () => obey(http.address().port, (stamp) => server.emit("event", event(stamp))));
