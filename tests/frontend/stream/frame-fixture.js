/**
 * A frame as livenet.wire.frame.encode gave it: channel "decision-1", seq 42, step 7, one plot with a
 * heatmap [[0, ¼, ½], [¾, 1, −2]], two hollow points (1, 3) and (2, −4) of classes 0 and 1, a square
 * of two triangles, and one 2×2 tile [[−1, 0], [½, 1]].
 */
const BASE64 =
  "wAYAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJwaWN0dXJlIjoie1wic3RlcFwiOjcsXCJwbG90c1wiOlt7XCJpZFwiOl" +
  "wib3V0cHV0XCIsXCJtYXJrc1wiOlt7XCJ2YWx1ZXNcIjp7XCJ0ZW5zb3JcIjpcIjBcIixcInNoYXBlXCI6WzIsM119" +
  "LFwibG9cIjowLjAsXCJoaVwiOjEuMCxcImNvbG9yc1wiOlwiZGl2ZXJnaW5nXCIsXCJvcGFjaXR5XCI6bnVsbCxcIm" +
  "xhYmVsXCI6XCJwXCIsXCJraW5kXCI6XCJoZWF0bWFwXCJ9LHtcInhcIjp7XCJ0ZW5zb3JcIjpcIjFcIixcInNoYXBl" +
  "XCI6WzJdfSxcInlcIjp7XCJ0ZW5zb3JcIjpcIjJcIixcInNoYXBlXCI6WzJdfSxcInZhbHVlc1wiOntcInRlbnNvcl" +
  "wiOlwiM1wiLFwic2hhcGVcIjpbMl19LFwiY29sb3JzXCI6XCJjbGFzc2VzXCIsXCJsb1wiOi0xLjAsXCJoaVwiOjEu" +
  "MCxcImhvbGxvd1wiOnRydWUsXCJsYWJlbFwiOlwidGVzdFwiLFwia2luZFwiOlwicG9pbnRzXCJ9LHtcInZlcnRpY2" +
  "VzXCI6e1widGVuc29yXCI6XCI0XCIsXCJzaGFwZVwiOls0LDJdfSxcImNvcm5lcnNcIjp7XCJ0ZW5zb3JcIjpcIjVc" +
  "IixcInNoYXBlXCI6WzZdfSxcIm9mZnNldHNcIjp7XCJ0ZW5zb3JcIjpcIjZcIixcInNoYXBlXCI6WzNdfSxcInZhbH" +
  "Vlc1wiOm51bGwsXCJncm91cHNcIjpudWxsLFwibG9cIjowLjAsXCJoaVwiOjEuMCxcImNvbG9yc1wiOlwic2VxdWVu" +
  "dGlhbFwiLFwia2luZFwiOlwicG9seWdvbnNcIn0se1widmFsdWVzXCI6e1widGVuc29yXCI6XCI3XCIsXCJzaGFwZV" +
  "wiOlsxLDIsMl0sXCJsb1wiOi0xLjAsXCJoaVwiOjEuMH0sXCJwZWFrXCI6e1widGVuc29yXCI6XCI4XCIsXCJzaGFw" +
  "ZVwiOlsxXX0sXCJpZHNcIjpbXCIxLjBcIl0sXCJsYWJlbHNcIjpbXCJoMVwiXSxcImxvXCI6LTEuMCxcImhpXCI6MS" +
  "4wLFwiY29sb3JzXCI6XCJkaXZlcmdpbmdcIixcImtpbmRcIjpcInRpbGVzXCJ9XSxcInRpdGxlXCI6XCJPdXRwdXRc" +
  "IixcIm5vdGVcIjpcIlwiLFwieFwiOntcImxhYmVsXCI6XCJ4XFx1MjA4MVwiLFwibG93XCI6LTMsXCJoaWdoXCI6My" +
  "xcInVuaXRcIjpcIlwiLFwic2NhbGVcIjpcImxpbmVhclwifSxcInlcIjp7XCJsYWJlbFwiOlwieFxcdTIwODJcIixc" +
  "Imxvd1wiOi0zLFwiaGlnaFwiOjMsXCJ1bml0XCI6XCJcIixcInNjYWxlXCI6XCJsaW5lYXJcIn0sXCJlcXVhbFwiOn" +
  "RydWV9XSxcImZhY3RzXCI6e1wicmVzb2x1dGlvblwiOjMsXCJuYW5cIjpudWxsfX0iLCJjaGFubmVsIjoiZGVjaXNp" +
  "b24tMSIsInNlcSI6IjQyIn0sIjEiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOlswLD" +
  "hdfSwiMiI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzgsMTZdfSwiMyI6eyJkdHlw" +
  "ZSI6IkYzMiIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzE2LDI0XX0sIjQiOnsiZHR5cGUiOiJGMzIiLCJzaG" +
  "FwZSI6WzQsMl0sImRhdGFfb2Zmc2V0cyI6WzI0LDU2XX0sIjgiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzFdLCJk" +
  "YXRhX29mZnNldHMiOls1Niw2MF19LCIwIjp7ImR0eXBlIjoiRjE2Iiwic2hhcGUiOlsyLDNdLCJkYXRhX29mZnNldH" +
  "MiOls2MCw3Ml19LCI1Ijp7ImR0eXBlIjoiVTE2Iiwic2hhcGUiOls2XSwiZGF0YV9vZmZzZXRzIjpbNzIsODRdfSwi" +
  "NiI6eyJkdHlwZSI6IlUxNiIsInNoYXBlIjpbM10sImRhdGFfb2Zmc2V0cyI6Wzg0LDkwXX0sIjciOnsiZHR5cGUiOi" +
  "JVOCIsInNoYXBlIjpbMSwyLDJdLCJkYXRhX29mZnNldHMiOls5MCw5NF19fSAgICAAAIA/AAAAQAAAQEAAAIDAAAAA" +
  "AAAAgD8AAAAAAAAAAAAAgD8AAAAAAACAPwAAgD8AAAAAAACAPwAAAEAAAAA0ADgAOgA8AMAAAAEAAgAAAAIAAwAAAA" +
  "MABgAAgL//";

/** @returns {ArrayBuffer} */
export const frame = () => Uint8Array.from(atob(BASE64), (c) => c.charCodeAt(0)).buffer;
