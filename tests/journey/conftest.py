from tests.servers.mail import mail_pair

__all__ = ["mail_pair"]
