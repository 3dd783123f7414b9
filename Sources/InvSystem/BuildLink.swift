import Glibc

/// The socket between inv-build and a program that it has started: the program tells its progress
/// there, and sees that inv-build has gone.
public enum BuildLink {
  /// The variable that has the socket's number.
  public static let variable = "INV_BUILD_FD"

  /// The socket; nil where inv-build has not started this program.
  public static var descriptor: Descriptor? {
    guard let text = Machine.environment(variable), let number = Int32(text), number > 2 else {
      return nil
    }
    let socket = Descriptor(number, name: "the socket of inv-build", owned: false)
    guard (try? socket.status().kind) == .pipe else { return nil }
    return socket
  }

  /// From now on the process ends by SIGTERM when inv-build has gone, so that nothing is published
  /// behind its back.
  public static func follow() throws(Failure) {
    guard let socket = descriptor else { return }
    let number = socket.number
    // The thread is not to be the one that a signal comes to.
    var (all, before) = (sigset_t(), sigset_t())
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { unsafe _ = pthread_sigmask(SIG_SETMASK, &before, nil) }
    _ = try Thread {
      var byte: UInt8 = 0
      while true {
        let count = retrying { unsafe recv(number, &byte, 1, 0) }
        if count < 0 && errno != ECONNRESET { return }
        if count <= 0 { break }
      }
      kill(getpid(), SIGTERM)
      sleep(10)
      kill(getpid(), SIGKILL)
    }
  }
}
