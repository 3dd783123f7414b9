import InvCLI

command.main(fetch)
