import CLinux
import Glibc

/// What this process may use and what it has used.
public enum Machine {
  /// Bytes of memory: the machine's, or the least limit of the control groups this process is in.
  public static var memory: UInt64 {
    let pages = UInt64(max(0, sysconf(Int32(_SC_PHYS_PAGES))))
    var least = pages * UInt64(max(0, sysconf(Int32(_SC_PAGESIZE))))
    for line in lines(of: "/proc/self/cgroup") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let isSecond = fields[0] == "0"
      guard isSecond || fields[1].split(separator: ",").contains("memory") else { continue }
      let base = isSecond ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory"
      let file = isSecond ? "memory.max" : "memory.limit_in_bytes"
      var group = fields[2]
      while true {
        let text = lines(of: "\(base)\(group)/\(file)").first
        if let text, let limit = UInt64(text), limit > 0 { least = min(least, limit) }
        guard let slash = group.lastIndex(of: "/"), group.utf8.count > 1 else { break }
        group = group[..<slash]
      }
    }
    return least
  }

  /// Keeps memory that is given back for the next who asks, where it would be mapped and cleared anew each
  /// time: mallopt(3).
  public static func reuseMemory() {
    // M_MMAP_THRESHOLD and M_TRIM_THRESHOLD.
    _ = mallopt(-3, 32 << 20)
    _ = mallopt(-1, 128 << 20)
  }

  /// VmHWM of proc(5): the most memory this process has held, in bytes.
  public static var peakMemory: UInt64 {
    for line in lines(of: "/proc/self/status") where line.hasPrefix("VmHWM:") {
      let digits = line.utf8.filter { $0 >= 0x30 && $0 <= 0x39 }
      return (UInt64(String(decoding: digits, as: UTF8.self)) ?? 0) * 1024
    }
    return 0
  }

  /// Seconds of CPU this process has used, user and system: getrusage(2).
  public static var cpuSeconds: Double {
    var usage = rusage()
    unsafe _ = getrusage(RUSAGE_SELF.rawValue, &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  /// Seconds of a clock that only runs forward: clock_gettime(2).
  public static var clock: Double {
    var time = timespec()
    unsafe _ = clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Does nothing for that long: nanosleep(2).
  public static func pause(_ seconds: Double) {
    let end = clock + seconds
    while true {
      let rest = end - clock
      guard rest > 0 else { return }
      var time = timespec(
        tv_sec: Int(rest), tv_nsec: Int(rest.truncatingRemainder(dividingBy: 1) * 1e9))
      unsafe _ = nanosleep(&time, nil)
    }
  }

  /// Seconds since 1970: time(2).
  public static var time: Int64 { Int64(Glibc.time(nil)) }

  /// How many files this process may have open: getrlimit(2).
  public static var openFiles: Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return 256
    }
    return Int(min(limit.rlim_cur, 1 << 20))
  }

  /// getenv(3); nil when the variable is not set or empty.
  public static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name), unsafe value.pointee != 0 else { return nil }
    return unsafe String(cString: value)
  }

  /// Sixty-four bits from getrandom(2), for names that must not meet.
  public static var randomWord: UInt64 { UInt64.random(in: .min ... .max) }

  static func lines(of path: String) -> [Substring] {
    guard let descriptor = try? Descriptor.reading(path) else { return [] }
    var text: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe piece.withUnsafeMutableBytes { unsafe try? descriptor.read(into: $0) }
      guard let count, count > 0 else { break }
      text += piece[..<count]
    }
    return String(decoding: text, as: UTF8.self).split(separator: "\n")
  }
}
