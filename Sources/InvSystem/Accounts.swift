import Glibc

/// Users and groups as the system knows them: passwd(5), group(5), and what nsswitch.conf(5) puts behind.
public enum Accounts {
  public enum Kind: String, CaseIterable, Sendable { case user, group }

  /// Whom this process runs for: getuid(2), getgid(2).
  public static func own(_ kind: Kind) -> UInt32 { kind == .user ? getuid() : getgid() }

  /// What a number is called; nil where nobody has it: getpwuid_r(3), getgrgid_r(3).
  public static func name(_ kind: Kind, of number: UInt32) throws(Failure) -> [UInt8]? {
    unsafe try answer("\(kind.rawValue) \(number)") { (room, size) -> (Int32, [UInt8]?) in
      switch kind {
      case .user:
        var (entry, found) = unsafe (passwd(), nil as UnsafeMutablePointer<passwd>?)
        let code = unsafe getpwuid_r(number, &entry, room, size, &found)
        return unsafe (code, found.flatMap { unsafe bytes($0.pointee.pw_name) })
      case .group:
        var (entry, found) = unsafe (Glibc.group(), nil as UnsafeMutablePointer<Glibc.group>?)
        let code = unsafe getgrgid_r(number, &entry, room, size, &found)
        return unsafe (code, found.flatMap { unsafe bytes($0.pointee.gr_name) })
      }
    }
  }

  /// The number that has a name; nil where nothing has it: getpwnam_r(3), getgrnam_r(3).
  public static func number(_ kind: Kind, of name: [UInt8]) throws(Failure) -> UInt32? {
    if name.contains(0) { return nil }
    let name = name.map { CChar(bitPattern: $0) } + [0]
    return unsafe try answer("the \(kind.rawValue) of a name") { (room, size) -> (Int32, UInt32?) in
      switch kind {
      case .user:
        var (entry, found) = unsafe (passwd(), nil as UnsafeMutablePointer<passwd>?)
        let code = unsafe getpwnam_r(name, &entry, room, size, &found)
        return unsafe (code, found?.pointee.pw_uid)
      case .group:
        var (entry, found) = unsafe (Glibc.group(), nil as UnsafeMutablePointer<Glibc.group>?)
        let code = unsafe getgrnam_r(name, &entry, room, size, &found)
        return unsafe (code, found?.pointee.gr_gid)
      }
    }
  }

  /// The names of all there are, by number: getpwent(3), getgrent(3); nil where some may only tell when
  /// they are asked for one.
  ///
  /// Not for two threads at once.
  public static func all(_ kind: Kind) -> [UInt32: [UInt8]]? {
    guard canBeListed(kind) else { return nil }
    var names: [UInt32: [UInt8]] = [:]
    // As with the question for one, the first of several counts.
    func add(_ number: UInt32, _ name: [UInt8]?) {
      if let name, names[number] == nil { names[number] = name }
    }
    switch kind {
    case .user:
      setpwent()
      defer { endpwent() }
      while let entry = unsafe getpwent() {
        unsafe add(entry.pointee.pw_uid, bytes(entry.pointee.pw_name))
      }
    case .group:
      setgrent()
      defer { endgrent() }
      while let entry = unsafe getgrent() {
        unsafe add(entry.pointee.gr_gid, bytes(entry.pointee.gr_name))
      }
    }
    return names
  }

  /// Whether all sources of nsswitch.conf(5) are known to list what they have.
  private static func canBeListed(_ kind: Kind) -> Bool {
    let database = kind == .user ? "passwd:" : "group:"
    for line in Machine.lines(of: "/etc/nsswitch.conf") {
      let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
      guard words.first == database[...] else { continue }
      return words.dropFirst().allSatisfy { ["files", "compat", "systemd"].contains($0) }
    }
    return false
  }

  private static func bytes(_ name: UnsafeMutablePointer<CChar>?) -> [UInt8]? {
    guard let name = unsafe name else { return nil }
    return unsafe (0..<strlen(name)).map { unsafe UInt8(bitPattern: name[$0]) }
  }

  /// Asks with ever more room until the answer fits.
  private static func answer<Result>(
    _ what: String, _ ask: (UnsafeMutablePointer<CChar>, Int) -> (Int32, Result?)
  ) throws(Failure) -> Result? {
    var size = 1 << 12
    while true {
      let room = UnsafeMutablePointer<CChar>.allocate(capacity: size)
      defer { unsafe room.deallocate() }
      let (code, result) = unsafe ask(room, size)
      switch code {
      // Those stand for nothing found: getpwnam(3).
      case 0, ENOENT, ESRCH, EBADF, EPERM: return result
      case EINTR: continue
      case ERANGE where size < 1 << 26: size *= 4
      default: throw .system("look up", what, code)
      }
    }
  }
}
