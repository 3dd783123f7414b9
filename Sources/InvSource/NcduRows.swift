import InvBytes
public import InvSystem

/// Reads the export of ncdu: directories as arrays within arrays.
public final class NcduRows: RowReader {
  /// More files with several names are not remembered.
  static let linkLimit = 1 << 20

  private struct File: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  public let layout: RowLayout
  /// The directory that was listed.
  public let root: [UInt8]
  /// When it was listed, if that is said.
  public let timestamp: Int64?
  private var tokens: JSONTokens
  private var entry = NcduEntry()
  /// The path below the root, each directory with its slash, and where each directory's part begins.
  private var path: [UInt8] = []
  private var starts: [Int] = []
  private var devices: [UInt64] = []
  private var links: Set<File> = []
  private var isAtEnd = false
  public private(set) var unreadFolders: UInt64 = 0

  init(_ window: consuming TextWindow, carrying wanted: [String]) throws(Failure) {
    var tokens = JSONTokens(window)
    timestamp = try Self.readHeader(&tokens)
    guard try tokens.next() == .arrayStart, try tokens.next() == .objectStart else {
      throw tokens.fault("no directory where ncdu has one")
    }
    try entry.read(&tokens)
    root = entry.name
    var names = ["name", "sort", "asize", "dsize"]
    // An extended export has these of every entry.
    if entry.hasTime { names.append("mtime") }
    if entry.hasOwners { names += ["owner", "group"] }
    layout = try RowLayout(names, .ncdu, carrying: wanted, file: printable(tokens.name))
    devices = [entry.device ?? 0]
    if entry.isUnread { unreadFolders = 1 }
    self.tokens = tokens
  }

  /// Reads what stands before the root: `[1,2,{"timestamp":1},`.
  private static func readHeader(_ tokens: inout JSONTokens) throws(Failure) -> Int64? {
    guard try tokens.next() == .arrayStart, try tokens.next() == .number else {
      throw tokens.fault("no version where an export of ncdu has one")
    }
    guard tokens.bytes == [0x31] else {
      throw tokens.fault("an export of ncdu in version \(printableName(tokens.bytes)), not 1")
    }
    guard try tokens.next() == .number, try tokens.next() == .objectStart else {
      throw tokens.fault("no version where an export of ncdu has one")
    }
    var time: Int64?
    while try tokens.next() == .key {
      let isTime = tokens.bytes.elementsEqual("timestamp".utf8)
      let token = try tokens.next()
      if isTime && token == .number {
        time = LooseTime.seconds(tokens.bytes, clock: .utc, mayBePlain: true)
      }
      try tokens.skip(token)
    }
    return time
  }

  public var consumed: UInt64 { tokens.consumed }
  public var position: UInt64 { tokens.position }

  public func next(_ row: inout FieldRow) throws(Failure) -> RowFound? {
    while !isAtEnd {
      switch try tokens.next() {
      case .arrayEnd:
        guard let start = starts.popLast() else {
          try readEnd()
          break
        }
        path.removeLast(path.count - start)
        devices.removeLast()
      case .objectStart:
        let start = tokens.start
        try entry.read(&tokens)
        return try lay(&row, entry.isOther ? .special : .object, at: start)
      case .arrayStart:
        let start = tokens.start
        guard try tokens.next() == .objectStart else {
          throw tokens.fault("no object at the front of a directory of ncdu")
        }
        try entry.read(&tokens)
        let found = try lay(&row, .directory, at: start)
        starts.append(path.count)
        devices.append(entry.device ?? devices[devices.count - 1])
        path += entry.name
        path.append(0x2f)
        if entry.isUnread { unreadFolders += 1 }
        guard path.count <= JSONTokens.lengthLimit else { throw tokens.fault("a path without end") }
        return found
      default: throw tokens.fault("neither a file nor a directory of ncdu")
      }
    }
    return nil
  }

  /// Reads what stands behind the root.
  private func readEnd() throws(Failure) {
    guard try tokens.next() == .arrayEnd, try tokens.next() == .end else {
      throw tokens.fault("something after the directory that ncdu listed")
    }
    isAtEnd = true
  }

  /// Lays out the entry at hand.
  private func lay(_ row: inout FieldRow, _ sort: EntrySort, at start: UInt64) throws(Failure)
    -> RowFound
  {
    if entry.isExcluded { return RowFound(verdict: .passedOver, byte: start) }
    if entry.name.isEmpty || entry.name.contains(0x2f) {
      return RowFound(verdict: entry.name.isEmpty ? .emptyKey : .slashInName, byte: start)
    }
    var sort = sort == .special && entry.isSymlink ? .symlink : sort
    if sort != .directory, entry.hasLinks, try isKnown() { sort = .link }
    row.begin()
    row.append(path, entry.name)
    row.append(sort.rawValue.utf8)
    row.append(entry.size)
    row.append(entry.allocated)
    if layout.modified != nil { row.append(entry.time) }
    if !layout.words.isEmpty {
      row.append(entry.owner)
      row.append(entry.group)
    }
    row.end()
    return RowFound(byte: start)
  }

  /// Whether the file at hand has been met under another name.
  private func isKnown() throws(Failure) -> Bool {
    guard let inode = entry.inode else { return false }
    let file = File(device: entry.device ?? devices[devices.count - 1], inode: inode)
    guard links.insert(file).inserted else { return true }
    guard links.count <= Self.linkLimit else {
      throw tokens.fault("more than \(Self.linkLimit) files that have several names")
    }
    return false
  }
}

/// What an export of ncdu says of one file or directory.
struct NcduEntry {
  private(set) var name: [UInt8] = []
  /// Numbers as they are spelt, 0 where they are not.
  private(set) var size: [UInt8] = []
  private(set) var allocated: [UInt8] = []
  private(set) var time: [UInt8] = []
  private(set) var owner: [UInt8] = []
  private(set) var group: [UInt8] = []
  private(set) var device: UInt64?
  private(set) var inode: UInt64?
  private(set) var hasTime = false
  private(set) var hasOwners = false
  private(set) var hasLinks = false
  private(set) var isUnread = false
  private(set) var isExcluded = false
  /// Neither a regular file nor a directory.
  private(set) var isOther = false
  private(set) var isSymlink = false

  private mutating func clear() {
    name.removeAll(keepingCapacity: true)
    for field in [\Self.size, \Self.allocated] { self[keyPath: field] = [0x30] }
    for field in [\Self.time, \Self.owner, \Self.group] { self[keyPath: field] = [] }
    (device, inode) = (nil, nil)
    (hasTime, hasOwners, hasLinks, isUnread) = (false, false, false, false)
    (isExcluded, isOther, isSymlink) = (false, false, false)
  }

  /// Reads the members of an object that has begun.
  mutating func read(_ tokens: inout JSONTokens) throws(Failure) {
    clear()
    while try tokens.next() == .key {
      let key = tokens.bytes
      let token = try tokens.next()
      switch (String(decoding: key, as: UTF8.self), token) {
      case ("name", .string): name = tokens.bytes
      case ("asize", .number): size = tokens.bytes
      case ("dsize", .number): allocated = tokens.bytes
      case ("mtime", .number): (time, hasTime) = (tokens.bytes, true)
      case ("uid", .number): (owner, hasOwners) = (tokens.bytes, true)
      case ("gid", .number): (group, hasOwners) = (tokens.bytes, true)
      case ("dev", .number): device = try Self.number(tokens)
      case ("ino", .number): inode = try Self.number(tokens)
      case ("nlink", .number): if try Self.number(tokens) > 1 { hasLinks = true }
      case ("mode", .number): isSymlink = try Self.number(tokens) & 0o170000 == 0o120000
      case ("hlnkc", .bool(true)): hasLinks = true
      case ("read_error", .bool(true)): isUnread = true
      case ("notreg", .bool(true)): isOther = true
      case ("excluded", .string): isExcluded = true
      default: try tokens.skip(token)
      }
    }
  }

  private static func number(_ tokens: borrowing JSONTokens) throws(Failure) -> UInt64 {
    guard let number = UInt64(String(decoding: tokens.bytes, as: UTF8.self)) else {
      throw tokens.fault("a number of ncdu that is none of 64 bits")
    }
    return number
  }
}
