"""`cfg`, as hooks and a `logger_class` of Gunicorn's own see it."""

from __future__ import annotations

import os
import pwd
import unittest

from gunicorn_ts.conf_file import ConfFile
from gunicorn_ts.config import Config


class Settings(unittest.TestCase):
    def test_user_and_group_are_numbers_whatever_was_given(self) -> None:
        name = pwd.getpwuid(os.geteuid()).pw_name
        for user in (None, name, os.geteuid()):
            cfg = Config()
            cfg.adopt({"user": user, "group": None}, ConfFile())
            self.assertEqual((cfg.user, cfg.group), (os.geteuid(), os.getegid()))
            self.assertEqual((cfg.uid, cfg.gid), (os.geteuid(), os.getegid()))

    def test_a_class_in_the_file_is_the_logger_class_unless_another_one_was_named(self) -> None:
        class Own:
            pass

        cfg = Config()
        cfg.adopt({"loggerClass": "gunicorn.glogging.Logger"}, ConfFile({"logger_class": Own}))
        self.assertIs(cfg.logger_class, Own)
        cfg.adopt({"loggerClass": "from.the.Flag"}, ConfFile({"logger_class": Own}))
        self.assertEqual(cfg.logger_class, "from.the.Flag")


if __name__ == "__main__":
    unittest.main()
