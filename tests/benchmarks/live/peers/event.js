// What the Node servers share: the event, as large as ours, and one event per line of stdin.
const text = process.argv[2];

exports.event = (stamp) => ({
  type: "new-comment",
  broadcastId: stamp.padStart(20, "0"),
  timestamp: Number(BigInt(stamp) / 1000000n),
  comment: {
    _id: `c${stamp}`, tenantId: "acme", urlId: "page:/pic.png:25.5:30.2", userId: "acme:ann", commenterName: "Ann",
    commentHTML: `<b>${text}</b>`, comment: text, verified: true, approved: true, url: "https://example.com/page",
    date: "2030-01-01T00:00:00.000Z",
  },
});

exports.obey = (port, publish) => {
  console.log(JSON.stringify({ port }));
  require("readline").createInterface({ input: process.stdin }).on("line", publish).on("close", () => process.exit());
};
