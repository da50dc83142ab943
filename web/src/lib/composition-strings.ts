/** The words of the page of composition, which loads them with itself. Numbers come formatted. */

const HTTP = "Addresses, cookies and all that is typed can be read and changed on the way.";
const NAMES = "Everybody on the way sees which names are looked up, and could answer in their place.";
const LOCAL_NAMES = "Everybody in the local network hears which names are looked up, and could answer.";

/** What those on the way learn from each protocol, in a sentence. */
const WHY: Readonly<Record<string, string>> = {
  HTTP,
  DNS: NAMES,
  mDNS: "Everybody in the local network hears the names and services of this machine.",
  LLMNR: LOCAL_NAMES,
  NetBIOS: LOCAL_NAMES,
  SSDP: "Everybody in the local network hears which devices and services there are.",
  DHCP: "The local network hears the machine's name and could hand out false settings.",
  DHCPv6: "The local network hears the machine's name and could hand out false settings.",
  NTP: "Its answers can be forged: a wrong clock makes expired certificates valid.",
  STUN: "Shows which addresses a call connects.",
  SIP: "Shows who calls whom, and often the credentials as a weak digest.",
  RTSP: "Address and credentials of the camera or stream can be read.",
  RTP: "Speech and pictures can be recorded and played by anybody on the way.",
  RTCP: "Shows how well a call goes and who is in it.",
  FTP: "User name, password and files can be read.",
  TELNET: "Everything that is typed can be read, the password too.",
  SMTP: "Letters and credentials can be read unless the session switches to TLS.",
};

export const compositionStrings = {
  unit: "Counted in",
  units: { bytes: "Bytes", packets: "Packets" },
  shareOf: { bytes: "share of bytes, this session", packets: "share of packets, this session" },

  ip: "IP version",
  ipOverTime: "IP version over time",
  ipv4: "IPv4",
  ipv6: "IPv6",
  otherIp: "No IP",
  ipHint:
    "Shares of what has IP, by the outermost network header: what a tunnel carries counts as its tunnel.",

  encryption: "Encryption",
  encryptionOverTime: "Encryption over time",
  encrypted: "Encrypted",
  clear: "Not seen encrypted",
  clearHint: "In the clear, or not understood.",
  encryptionHint:
    "A conversation counts as encrypted as a whole once it is recognised, its first packets too. The chart shows what was known at the time.",

  part: "Part",
  share: "Share",
  bytes: "Bytes",
  packets: "Packets",

  distribution: "Protocols",
  distributionHint: "What a packet is in the end: TCP and UDP are what nothing else was recognised in.",
  byProtocol: (name: string) => `Show the flows of ${name}`,

  clearText: "Clear text",
  clearTextHint: "anybody on the way can read these, this session",
  clearTextNone: "No conversation in clear text was recognised.",
  clearTextNoneHint: "That is good news, or none was seen yet: the list fills as protocols are recognised.",
  protocol: "Protocol",
  port: "Port",
  onPort: (port: string) => `port ${port}`,
  noPort: "no port",
  flows: "Conversations",
  server: "Largest server",
  client: "Its largest client",
  ends: (client: string, server: string) => `mostly ${client} to ${server}`,
  why: "Why it matters",
  whyOf: (protocol: string) => WHY[protocol] ?? "Anybody on the way can read it, and could change it.",
  conversations: (n: string) => (n === "1" ? "1 conversation" : `${n} conversations`),
} as const;
