import {
  Button,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
  isSupported,
} from "govuk-frontend/dist/govuk/all.mjs";
import { startCopying } from "./copying.js";
import { startSaving } from "./offline/saving.js";
import { startDelivering } from "./offline/waiting.js";
import { startPreferences } from "./preferences.js";
import { startPrinting } from "./printing.js";
import { startReading } from "./reading.js";
import { startSubmitting } from "./submitting.js";

if (isSupported()) {
  createAll(Button, { preventDoubleClick: true });
  for (const component of [
    Checkboxes,
    ErrorSummary,
    NotificationBanner,
    PasswordInput,
    Radios,
    ServiceNavigation,
    SkipLink,
  ]) {
    createAll(component);
  }
}

startCopying();
startPreferences();
startPrinting();
startReading();
startSubmitting();
startSaving();
startDelivering();
