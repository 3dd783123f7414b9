import InvBytes
import InvSystem
import InvText

/// The folder of an inventory configuration: one folder for each snapshot, named after the time when
/// the scan began.
struct ConfigurationFolder<Store: ManifestStore> {
  let path: String
  private let store: Store
  /// The names of the snapshots' folders, oldest first.
  let names: [String]

  init(_ path: String, in store: Store) throws(Failure) {
    self.path = path
    self.store = store
    guard let names = try store.names(in: path) else { throw store.missing(path) }
    self.names = names.filter { Self.time(ofName: $0) != nil }.sorted()
    if self.names.isEmpty {
      throw .data(
        "\(printable(path)) has neither a manifest.json nor a snapshot's folder such as"
          + " 2026-11-01T00-00Z")
    }
  }

  /// `YYYY-MM-DDTHH-MMZ` as seconds since 1970.
  private static func time(ofName name: String) -> Int64? {
    guard name.utf8.count == 17, name.hasSuffix("Z") else { return nil }
    return try? Timestamp.seconds(from: name.utf8)
  }

  /// The manifest of the snapshot that `time` means.
  func manifest(of time: String) throws(Failure) -> ManifestBytes {
    let path = path.below(try snapshot(time)).below("manifest.json")
    guard let found = try ManifestBytes(path: path, in: store) else { throw store.missing(path) }
    return found
  }

  /// The name of the snapshot that `time` means: a name, a time of that minute, or its date.
  private func snapshot(_ time: String) throws(Failure) -> String {
    if names.contains(time) { return time }
    guard let seconds = try? Timestamp.seconds(from: time.utf8) else {
      throw .usage(
        "--snapshot: '\(printable(time))' is no time such as 2026-11-01T00-00Z,"
          + " 2026-11-01T00:00:00Z or 2026-11-01")
    }
    let isDate = time.utf8.count == 10
    let found = names.filter { name in
      guard let start = Self.time(ofName: name) else { return false }
      return (start..<start + 60).contains(seconds) || isDate && name.hasPrefix(time)
    }
    guard let first = found.first else {
      throw .data(
        "\(printable(path)) has no snapshot of \(printable(time));"
          + " it has \(listing(names.reversed()))")
    }
    guard found.count == 1 else {
      throw .usage("--snapshot: '\(time)' may be \(listing(found.reversed()))")
    }
    return first
  }

  /// The manifest of the newest snapshot that has a manifest and its checksum; newer ones that are
  /// not complete are told to `note`.
  func newestComplete(note: (String) -> Void) throws(Failure) -> ManifestBytes {
    var skipped = 0
    for name in names.reversed() {
      let manifest = path.below(name).below("manifest.json")
      var fault = "no manifest.json"
      if let found = try ManifestBytes(path: manifest, in: store) {
        switch found.checksum {
        case .matches:
          if skipped > 3 { note("\(skipped - 3) more snapshots are passed over") }
          return found
        case .differs: fault = "manifest.json does not match \(found.checksumName)"
        case .absent: fault = "no \(found.checksumName)"
        }
      }
      skipped += 1
      if skipped <= 3 { note("\(printable(path.below(name))) is passed over: \(fault)") }
    }
    throw .data("\(printable(path)): none of its \(names.count) snapshots is complete")
  }

  private func listing(_ names: [String]) -> String {
    let rest = names.count > 4 ? " and \(names.count - 4) more" : ""
    return names.prefix(4).joined(separator: ", ") + rest
  }
}
