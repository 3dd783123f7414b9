import InvSystem

/// The closing line of `-v`: what was done and what it took.
public struct Summary: Sendable {
  /// Left out when nil.
  public var rows: UInt64?
  public var bytes: UInt64?
  /// What else this tool counts, always named in the plural, for scripts: (4, "runs").
  public var counts: [(count: UInt64, name: String)] = []
  /// What other programs took that worked for this one.
  public var others: (cpuSeconds: Double, peakMemory: UInt64) = (0, 0)
  private let start = Machine.clock

  /// Starts the clock.
  public init() {}

  /// "10000000 rows, 393.2 MB, 2.31 s, 2.05 s CPU, 212 MB peak, 4 runs", as of now.
  public var line: String {
    line(
      seconds: Machine.clock - start, processor: Machine.cpuSeconds + others.cpuSeconds,
      peak: Machine.peakMemory + others.peakMemory)
  }

  func line(seconds: Double, processor: Double, peak: UInt64) -> String {
    let work = [rows.map { "\($0) rows" }, bytes.map { humanBytes($0, places: 1) }]
    let cost = [
      decimal(seconds, places: 2) + " s", decimal(processor, places: 2) + " s CPU",
      humanBytes(peak, places: 0) + " peak",
    ]
    let parts = work.compactMap(\.self) + cost + counts.map { "\($0.count) \($0.name)" }
    return parts.joined(separator: ", ")
  }
}

/// A number of bytes in powers of 1000, as "393.2 MB"; below 1000 there are no places.
func humanBytes(_ bytes: UInt64, places: Int) -> String {
  if bytes < 1000 { return "\(bytes) B" }
  var value = Double(bytes) / 1000
  var units = ["kB", "MB", "GB", "TB", "PB", "EB"][...]
  let half = 0.5 / (places == 0 ? 1 : 10)
  while value >= 1000 - half && units.count > 1 {
    value /= 1000
    units.removeFirst()
  }
  return decimal(value, places: places) + " " + units[units.startIndex]
}

/// `value`, which is not negative, rounded to `places` decimal places.
func decimal(_ value: Double, places: Int) -> String {
  let scale = (0..<places).reduce(UInt64(1)) { scale, _ in scale * 10 }
  let rounded = UInt64(max(0, value * Double(scale)).rounded())
  let fraction = String(rounded % scale)
  if places == 0 { return "\(rounded)" }
  return "\(rounded / scale)."
    + String(repeating: "0", count: places - fraction.utf8.count) + fraction
}
